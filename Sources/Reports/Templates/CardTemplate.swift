/// One expectation: as a card where it needs someone's eyes, as a row where it passed.
enum CardTemplate {
    static let card = """
        <article class="card" id="{{anchor}}">
        <h{{cardlevel}}>{{sentence}}</h{{cardlevel}}>
        \(tags)
        {{#hasReason}}<p class="why">{{reason}}</p>{{/hasReason}}
        {{#hasDescription}}<p class="about">{{description}}</p>{{/hasDescription}}
        \(facts)
        {{#share}}<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="fine" width="{{fineWidth}}" height="6"/><rect class="bad" x="{{badX}}" width="{{badWidth}}" height="6"/>\
        <rect class="gone" x="{{goneX}}" width="{{goneWidth}}" height="6"/></svg>{{/share}}
        {{#changes}}<div class="scroll"><table><thead><tr>{{#changeHead}}<th scope="col">{{changeName}}{{/changeHead}}</thead>\
        <tbody>{{#changeLines}}<tr>{{#changeCells}}<td>{{changeText}}{{/changeCells}}{{/changeLines}}</tbody></table>\
        {{#changeMore}}<p class="soft">{{changeMore}}</p>{{/changeMore}}</div>{{/changes}}
        {{#sample}}<details open><summary>{{sampleTitle}}</summary><div class="scroll"><table><thead><tr>\
        {{#head}}<th scope="col" class="{{nameClass}}">{{name}}{{/head}}</thead><tbody>\
        {{#lines}}<tr>{{#cells}}<td class="{{cellClass}}">{{cellText}}{{/cells}}{{/lines}}</tbody></table></div></details>\
        {{/sample}}
        {{#frequent}}{{#frequentNote}}<p class="about">{{frequentNote}}</p>{{/frequentNote}}\
        {{#frequentTitle}}<details><summary>{{frequentTitle}}</summary><div class="scroll"><table><thead><tr>\
        <th scope="col">value<th scope="col" class="n">rows</thead><tbody>{{#frequentItems}}<tr><td class="v">{{frequentValue}}\
        <td class="n">{{frequentCount}}{{/frequentItems}}</tbody></table></div></details>{{/frequentTitle}}{{/frequent}}
        {{#hasPairs}}<details><summary>Details</summary><dl class="origin">{{#pairs}}<dt>{{pairName}}<dd>{{pairValue}}\
        {{/pairs}}</dl></details>{{/hasPairs}}
        </article>
        """

    static let row = """
        <li class="row" id="{{anchor}}"><p><b aria-hidden="true">{{sign}}</b> {{sentence}}</p>
        <div class="tags"><code>{{type}}</code>{{#hasColumns}}<span>{{columns}}</span>{{/hasColumns}}\
        {{#note}}<span class="tag">{{note}}</span>{{/note}}\
        {{#facts}}<span>{{label}} {{value}}{{#aside}} ({{aside}}){{/aside}}</span>{{/facts}}</div>
        """

    private static let tags = """
        <div class="tags"><span class="pill"><span aria-hidden="true">{{sign}}</span> {{word}}</span>\
        {{#severity}}<span class="tag {{severity}}">{{severity}}</span>{{/severity}}\
        {{#note}}<span class="tag">{{note}}</span>{{/note}}<code>{{type}}</code>\
        {{#hasColumns}}<span>{{columns}}</span>{{/hasColumns}}{{#hasPlace}}<code>{{place}}</code>{{/hasPlace}}</div>
        """

    private static let facts = """
        <dl class="facts">{{#facts}}<div><dt>{{label}}</dt><dd>{{value}}{{#aside}} <i>{{aside}}</i>{{/aside}}</dd></div>\
        {{/facts}}</dl>
        """
}
