/// The page of one invocation.
enum RunTemplate {
    static let page = PageTemplate(
        PageFrame.page(
            "<div class=\"top\">\(PageFrame.brand)<a href=\"index.html\">All runs</a></div>\n<main>\n" + body))

    /// The same as a page of the service.
    static let sitePage = PageTemplate(
        PageFrame.page("\(SiteFrame.top(.runs))\n<main>\n\(crumbs)\n\(body)", style: SiteStylesheet.text))

    private static let crumbs = """
        <p class="crumb"><a href="{{validationPath}}">{{validationName}}</a>\
        {{#reportPath}} · <a href="{{reportPath}}">The report as it was written</a>{{/reportPath}}</p>
        """

    private static let body = """
        {{#isMany}}
        <div class="many"><h1>{{pageHeadline}}</h1>
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Status<th scope="col">Suite\
        <th scope="col">Asset<th scope="col">Verdict</thead><tbody>
        {{#sections}}
        <tr><td class="{{status}}"><span class="pill"><span aria-hidden="true">{{statusSign}}</span> {{statusWord}}</span>\
        <td><a href="#{{sectionID}}">{{suite}}</a><td>{{asset}}<td>{{headline}}
        {{/sections}}
        </tbody></table></div></div>
        {{/isMany}}
        {{#sections}}
        \(section)
        {{/sections}}
        </main>
        <footer class="foot">{{maskedNote}} Times are UTC.</footer>
        """

    private static let section = """
        <section class="suite" id="{{sectionID}}" aria-labelledby="{{sectionID}}h">
        <header class="{{status}}">
        <h{{level}} class="name" id="{{sectionID}}h"><span class="pill"><span aria-hidden="true">{{statusSign}}</span> \
        {{statusWord}}</span>{{suite}} <span class="soft">on {{asset}}</span></h{{level}}>
        <p class="headline">{{headline}}</p>
        {{#failureHint}}
        <p class="soft">{{failureHint}} {{#failureCode}}<code>[{{failureCode}}]</code>{{/failureCode}}</p>
        {{/failureHint}}
        <div class="tally">{{#tally}}<svg viewBox="0 0 400 10" preserveAspectRatio="none" aria-hidden="true">\
        {{#parts}}<rect class="bar {{partOutcome}}" x="{{partX}}" width="{{partWidth}}" height="10"/>{{/parts}}</svg>
        <ul class="legend">{{#parts}}<li class="{{partOutcome}}"><b><span aria-hidden="true">{{partSign}}</span> \
        {{partCount}}</b> {{partWord}}</li>{{/parts}}</ul>{{/tally}}</div>
        <div class="band"><dl class="numbers">
        <div><dt>Started</dt><dd><time datetime="{{startedISO}}">{{started}}</time></dd></div>
        <div><dt>Took</dt><dd>{{took}}</dd></div>
        <div><dt>Rows</dt><dd>{{rows}}</dd></div>
        <div><dt>Read</dt><dd>{{bytes}} in {{fileTitle}}</dd></div>
        {{#tableVersion}}
        <div><dt>Table version</dt><dd>{{tableVersion}} of <time datetime="{{tableCommittedISO}}">{{tableCommitted}}</time></dd></div>
        {{/tableVersion}}
        </dl>
        {{#spark}}
        <div class="spark"><p class="soft">{{sparkLabel}}</p><svg viewBox="0 0 {{sparkWidth}} {{sparkHeight}}" width="{{sparkWidth}}" height="{{sparkHeight}}" \
        role="img" aria-label="{{sparkLabel}}">{{#bars}}<rect class="bar {{barOutcome}}" x="{{barX}}" y="{{barY}}" \
        width="{{barWidth}}" height="{{barHeight}}" rx="1.5"><title>{{barTitle}}</title></rect>{{/bars}}</svg></div>
        {{/spark}}
        </div>
        </header>
        {{#since}}
        \(since)
        {{/since}}
        {{#groups}}
        \(group)
        {{/groups}}
        <div class="part small">
        {{#hasFiles}}
        <details><summary>{{fileTitle}} read</summary><div class="scroll"><table><thead><tr><th scope="col">file\
        <th scope="col" class="n">rows<th scope="col" class="n">size<th scope="col">modified</thead><tbody>
        {{#files}}
        <tr><td>{{fileName}}<td class="n">{{fileRows}}<td class="n">{{fileBytes}}<td>{{fileTime}}
        {{/files}}
        </tbody></table>{{#filesMore}}<p class="soft">{{filesMore}}</p>{{/filesMore}}</div></details>
        {{/hasFiles}}
        <details><summary>About this run</summary><dl class="origin"><dt>Run<dd><code>{{runID}}</code><dt>Started\
        <dd>{{startedISO}}<dt>Suite fingerprint<dd><code>{{suiteFingerprint}}</code><dt>Data fingerprint\
        <dd><code>{{dataFingerprint}}</code><dt>Assay<dd>{{version}}</dl></details>
        </div>
        </section>
        """

    private static let since = """
        <div class="part">
        <h{{sublevel}}>{{changesTitle}} <time class="soft small" datetime="{{changesISO}}">({{changesTime}})</time></h{{sublevel}}>
        <ul class="remarks">{{#remarks}}<li>{{remark}}{{/remarks}}</ul>
        <div class="since">
        {{#lists}}
        <div class="{{listOutcome}}"><h{{cardlevel}}><span aria-hidden="true">{{listSign}}</span> {{listTitle}}</h{{cardlevel}}>\
        <ul>{{#entries}}<li><a href="#{{entryAnchor}}">{{entryText}}</a>{{#entryAside}} <span class="soft">{{entryAside}}\
        </span>{{/entryAside}}{{/entries}}{{#entriesMore}}<li class="soft">{{entriesMore}}{{/entriesMore}}</ul></div>
        {{/lists}}
        {{#hasMoves}}
        <div><h{{cardlevel}}>Numbers that moved</h{{cardlevel}}><ul>{{#moves}}<li><a href="#{{moveAnchor}}">{{moveName}}</a> \
        <span class="soft">{{moveWhat}}</span> {{moveBefore}} → <b>{{moveNow}}</b>{{/moves}}</ul></div>
        {{/hasMoves}}
        </div>
        </div>
        """

    private static let group = """
        <div class="group {{groupOutcome}}">
        {{#isOpen}}
        <h{{sublevel}}><span aria-hidden="true">{{groupSign}}</span> {{groupTitle}} <span>{{groupCount}}</span></h{{sublevel}}>
        {{#cards}}
        \(CardTemplate.card)
        {{/cards}}
        {{/isOpen}}
        {{#isFolded}}
        <details><summary><h{{sublevel}}><span aria-hidden="true">{{groupSign}}</span> {{groupTitle}} <span>{{groupCount}}\
        </span></h{{sublevel}}></summary><ul class="rows">
        {{#cards}}
        \(CardTemplate.row)
        {{/cards}}
        </ul></details>
        {{/isFolded}}
        </div>
        """
}
