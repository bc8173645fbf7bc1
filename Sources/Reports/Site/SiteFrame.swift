/// What the pages of the service begin and end with: the same as reports, and a way from each to the others.
enum SiteFrame {
    /// The parts that a page can belong to.
    enum Part: String, CaseIterable {
        case overview = "Overview"
        case runs = "Runs"
        case alerts = "Alerts"
        case pipelines = "Pipelines"

        var path: String { self == .overview ? "/" : "/" + rawValue.lowercased() }
    }

    static func page(_ body: String, part: Part?, hasForms: Bool = false) -> PageTemplate {
        PageTemplate(
            PageFrame.page(
                """
                \(top(part))
                <main>
                \(body)
                </main>
                <footer class="foot">{{footNote}} Times are UTC.</footer>
                """, style: SiteStylesheet.text, hasForms: hasForms))
    }

    static func top(_ part: Part?) -> String {
        let links = Part.allCases.map { other in
            "<a href=\"\(other.path)\"\(other == part ? " aria-current=\"page\"" : "")>\(other.rawValue)</a>"
        }
        return
            "<div class=\"top\"><a class=\"home\" href=\"/\">\(PageFrame.brand)</a><nav>\(links.joined())</nav></div>"
    }

    static let pill =
        #"<span class="pill"><span aria-hidden="true">{{statusSign}}</span> {{statusWord}}</span>"#

    static func time(_ name: String) -> String { "<time datetime=\"{{\(name)ISO}}\">{{\(name)}}</time>" }

    /// The same with a link to the run that began then, where that is still there.
    static func linkedTime(_ name: String) -> String {
        "{{#\(name)IsKept}}<a href=\"{{\(name)Path}}\">\(time(name))</a>{{/\(name)IsKept}}{{^\(name)IsKept}}\(time(name)){{/\(name)IsKept}}"
    }

    static let spark = """
        {{#spark}}<svg class="mini" viewBox="0 0 {{sparkWidth}} {{sparkHeight}}" width="{{sparkWidth}}" height="24" \
        preserveAspectRatio="none" role="img" aria-label="{{sparkLabel}}">{{#bars}}<rect class="bar {{barOutcome}}" \
        x="{{barX}}" y="{{barY}}" width="{{barWidth}}" height="{{barHeight}}"><title>{{barTitle}}</title></rect>{{/bars}}\
        </svg>{{/spark}}
        """
}
