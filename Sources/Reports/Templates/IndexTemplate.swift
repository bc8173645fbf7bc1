/// The page that lists runs.
enum IndexTemplate {
    static let page = PageTemplate(PageFrame.page(body))

    private static let body = """
        <div class="top">\(PageFrame.brand)</div>
        <main>
        <div class="many"><h1>{{indexHeadline}}</h1></div>
        {{#hasRuns}}
        <section class="suite" aria-labelledby="suites"><div class="group"><h2 id="suites">Suites</h2>
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Status<th scope="col">Suite\
        <th scope="col">Latest verdict<th scope="col">When<th scope="col">Latest runs</thead><tbody>
        {{#entries}}
        <tr><td class="{{status}}">\(pill)<td>{{#hasReport}}<a href="{{report}}">{{suite}}</a>{{/hasReport}}\
        {{^hasReport}}{{suite}}{{/hasReport}} <span class="soft">on {{asset}}</span><td>{{verdict}}<td>\(time)<td>\
        {{#hasSpark}}{{#spark}}<svg viewBox="0 0 {{sparkWidth}} {{sparkHeight}}" width="{{sparkWidth}}" height="24" \
        preserveAspectRatio="none" role="img" aria-label="{{sparkLabel}}">{{#bars}}<rect class="bar {{barOutcome}}" \
        x="{{barX}}" y="{{barY}}" width="{{barWidth}}" height="{{barHeight}}"><title>{{barTitle}}</title></rect>{{/bars}}\
        </svg>{{/spark}}{{/hasSpark}}
        {{/entries}}
        </tbody></table></div></div></section>
        <section class="suite" aria-labelledby="runs"><div class="group"><h2 id="runs">{{listTitle}}</h2>
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Status<th scope="col">Started\
        <th scope="col">Suite<th scope="col">Verdict<th scope="col" class="n">Rows<th scope="col" class="n">Took</thead><tbody>
        {{#runs}}
        <tr><td class="{{status}}">\(pill)<td>{{#hasReport}}<a href="{{report}}">\(time)</a>{{/hasReport}}\
        {{^hasReport}}\(time){{/hasReport}}<td>{{suite}} <span class="soft">on {{asset}}</span><td>{{verdict}}\
        <td class="n">{{rows}}<td class="n">{{took}}
        {{/runs}}
        </tbody></table></div></div></section>
        {{/hasRuns}}
        {{^hasRuns}}
        <p class="soft">Every run that is recorded appears here.</p>
        {{/hasRuns}}
        </main>
        <footer class="foot">Times are UTC.</footer>
        """

    private static let pill =
        #"<span class="pill"><span aria-hidden="true">{{statusSign}}</span> {{statusWord}}</span>"#
    private static let time = #"<time datetime="{{startedISO}}">{{started}}</time>"#
}
