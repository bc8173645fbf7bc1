/// What all pages begin and end with.
enum PageFrame {
    /// Nothing is fetched and nothing is run: what a hostile value could still do on the page is to be read.
    ///
    /// Forms, where a page has some, are sent to its own server alone, which is told where they come from.
    static func page(_ body: String, style: String = "", hasForms: Bool = false) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
        base-uri 'none'; form-action \(hasForms ? "'self'" : "'none'")">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="\(hasForms ? "same-origin" : "no-referrer")">
        <meta name="color-scheme" content="light dark">
        <title>{{title}} · Assay</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath \
        fill='%23b98a1f' d='M12 1 22 7v10l-10 6L2 17V7z'/%3E%3Cpath fill='none' stroke='%23fff' stroke-width='2.4' \
        d='m7.5 12.3 3.1 3.1 6-6.4'/%3E%3C/svg%3E">
        <style>
        \(Stylesheet.text)\(style)
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    /// A hallmark: what an assay office strikes into metal that passed.
    static let brand = """
        <span class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path fill="#b98a1f" d="M12 1 22 7v10l-10 6L2 17V7z"/>\
        <path fill="none" stroke="#fff" stroke-width="2.4" d="m7.5 12.3 3.1 3.1 6-6.4"/></svg>Assay</span>
        """
}
