import Tables

/// What a person sees in place of a page that can't be shown.
public struct RefusalPage: Sendable {
    private let headline: String
    private let advice: String

    /// What is the case, and what can be done about it, which may be empty.
    public init(_ headline: String, _ advice: String) {
        self.headline = headline
        self.advice = advice
    }

    public func html() throws(ReportError) -> String {
        try Self.template.render([
            "title": HTMLText.clean(headline), "headline": HTMLText.clean(headline, limit: 400),
            "advice": HTMLText.clean(advice, limit: 600), "footNote": "",
        ])
    }

    private static let template = SiteFrame.page(
        """
        <div class="lead"><h1>{{headline}}</h1><p class="soft">{{advice}}</p></div>
        """, part: nil)
}
