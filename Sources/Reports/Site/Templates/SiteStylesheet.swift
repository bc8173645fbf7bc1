/// What the pages of the service need beyond the style of reports.
enum SiteStylesheet {
    static let text = """
        .home{color:inherit;text-decoration:none}
        nav{display:flex;flex-wrap:wrap;gap:.1rem .4rem}nav a{padding:.25rem .6rem;border-radius:7px;text-decoration:none;
        color:var(--soft);font-weight:550;font-size:.92rem}nav a:hover{background:var(--line)}
        nav a[aria-current]{background:var(--line);color:var(--text)}
        .crumb{font-size:.84rem;color:var(--soft);margin-bottom:.2rem}
        .lead{padding:.6rem 0 1.1rem}.lead h1{font-size:1.65rem;line-height:1.22;letter-spacing:-.012em;font-weight:680}
        .lead p{margin-top:.35rem}.lead .pill{margin-bottom:.5rem}
        .part .headline{margin:0 0 .35rem}
        .grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(15.5rem,1fr));gap:.8rem;margin-top:.8rem}
        .chart{border:1px solid var(--line);border-radius:8px;padding:.6rem .75rem .55rem;min-width:0}
        .chart h3{font-size:.88rem;font-weight:600}.chart .soft{font-size:.78rem}
        .chart b{font-size:1.15rem;font-weight:640;font-variant-numeric:tabular-nums}
        .chart svg{display:block;width:100%;height:44px;margin:.3rem 0 .15rem}
        .line{fill:none;stroke:var(--link);stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linejoin:round;stroke-linecap:round}
        .marks{display:block;height:14px}.marks rect{rx:1px}.absent{fill:var(--line)}
        td .mini{width:9rem}td time{white-space:nowrap}.incident>p{margin-top:.5rem}
        .more{margin-top:.8rem;font-size:.92rem}
        .held,.muted{--c:var(--vacuous);--b:var(--vacuous-bg);--bar:var(--vacuous-bar)}
        .calm{--c:var(--soft);--b:var(--code);--bar:var(--gone-bar)}
        .incident{border:1px solid var(--line);border-left:4px solid var(--bar);border-radius:8px;padding:.85rem 1rem .9rem;
        margin-top:.8rem}.incident h3{font-size:1.02rem;font-weight:620;margin-top:.35rem}
        .incident ul{margin-top:.5rem}.incident li{padding:.25rem 0;border-top:1px solid var(--line);font-size:.93rem}
        .incident li .tags{margin-top:.1rem}
        .act{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem .8rem;margin-top:.6rem;font-size:.9rem}
        .act input,.act select,.act button{font:inherit;color:inherit;background:var(--code);border:1px solid var(--line);
        border-radius:7px;padding:.25rem .6rem}.act input{width:9rem}.act button{cursor:pointer;font-weight:550}
        .schema li{padding:.4rem 0;border-top:1px solid var(--line);font-size:.92rem}.schema li:first-child{border:0}
        tbody tr:last-child td{border-bottom:0}
        td .soft{font-weight:400}.none{color:var(--soft)}.nowrap{white-space:nowrap}
        @media (max-width:40rem){.top{align-items:flex-start;flex-direction:column;gap:.4rem}
        .lead h1{font-size:1.35rem}.stack td .marks{margin-top:.2rem}
        .stack td[data-label]::before{content:attr(data-label) " ";color:var(--soft)}.stack td.none{display:none}
        .stack td.n[data-label]{display:block;text-align:left}}
        @media print{nav,.act{display:none}}
        """
}
