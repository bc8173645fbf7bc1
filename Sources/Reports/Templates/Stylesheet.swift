/// The style of all pages: no fonts, images or scripts from anywhere.
///
/// Every pair of text and ground has a contrast of 4.5 at least, in the light and in the dark, and no meaning is left to
/// colour alone: a sign and a word stand beside it.
enum Stylesheet {
    static let text = colours + layout + cards + tables + media

    private static let colours = """
        :root{color-scheme:light dark;--ground:#f5f6f8;--paper:#fff;--text:#191d24;--soft:#566070;--line:#e2e6ec;
        --link:#1f5fbf;--failed:#b3261e;--failed-bg:#fdf0ef;--errored:#6a3fb5;--errored-bg:#f4effc;--vacuous:#855900;
        --vacuous-bg:#fdf5dd;--passed:#0b6b3f;--passed-bg:#eaf7f0;--code:#f0f2f5;--fine-bar:#58b288;--bad-bar:#d9483f;
        --gone-bar:#b9c1cc;--vacuous-bar:#dba617;--errored-bar:#8f63d6}
        @media screen and (prefers-color-scheme:dark){:root{--ground:#0e1217;--paper:#161b22;--text:#e7eaef;--soft:#9ca7b6;
        --line:#2a313b;--link:#7fb2ff;--failed:#ff9a91;--failed-bg:#341a19;--errored:#c3a6ff;--errored-bg:#271f3b;
        --vacuous:#f0c454;--vacuous-bg:#30270f;--passed:#6fd6a1;--passed-bg:#12291f;--code:#212832;--fine-bar:#2f9464;
        --bad-bar:#e5675e;--gone-bar:#4a5563;--vacuous-bar:#c69414;--errored-bar:#9a75de}}

        """

    private static let layout = """
        *{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
        body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
        "Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
        main,.top,.foot{max-width:68rem;margin:0 auto;padding:0 1.25rem}
        .top{display:flex;justify-content:space-between;align-items:center;padding-top:1.1rem;padding-bottom:.9rem}
        .brand{display:flex;align-items:center;gap:.5rem;font-weight:650;letter-spacing:.01em}
        .brand svg{width:1.35rem;height:1.35rem}
        a{color:var(--link);text-underline-offset:.15em;text-decoration-thickness:1px}
        a:focus-visible,summary:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:4px}
        h1,h2,h3,h4,p,ul,dl,dd{margin:0;padding:0}ul{list-style:none}
        .soft{color:var(--soft)}.small{font-size:.84rem}
        code,.code{font:.86em/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
        .failed{--c:var(--failed);--b:var(--failed-bg);--bar:var(--bad-bar)}
        .errored{--c:var(--errored);--b:var(--errored-bg);--bar:var(--errored-bar)}
        .vacuous{--c:var(--vacuous);--b:var(--vacuous-bg);--bar:var(--vacuous-bar)}
        .passed{--c:var(--passed);--b:var(--passed-bg);--bar:var(--fine-bar)}
        .pill{display:inline-flex;align-items:center;gap:.4em;padding:.1em .65em;border-radius:99px;background:var(--b);
        color:var(--c);font-size:.84rem;font-weight:650;white-space:nowrap}
        .suite{background:var(--paper);border:1px solid var(--line);border-radius:14px;margin:0 0 1.5rem;overflow:hidden}
        .suite>header{padding:1.4rem 1.5rem 1.25rem;border-top:5px solid var(--bar)}
        .name{display:flex;flex-wrap:wrap;gap:.3rem .7rem;align-items:center;font-size:1rem;font-weight:600}
        .headline{font-size:1.65rem;line-height:1.22;font-weight:680;letter-spacing:-.012em;margin:.7rem 0 .35rem}
        .many{padding:.6rem 0 1.1rem}.many h1{font-size:1.65rem;line-height:1.22;letter-spacing:-.012em}
        .tally{margin-top:1.1rem}.tally svg{display:block;width:100%;height:10px;border-radius:5px}
        .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.2rem;margin-top:.5rem;font-size:.9rem}
        .legend b{color:var(--c);font-weight:650}
        .bar{fill:var(--bar)}.fine{fill:var(--fine-bar)}.bad{fill:var(--bad-bar)}.gone{fill:var(--gone-bar)}
        .band{display:flex;flex-wrap:wrap;justify-content:space-between;gap:1rem 2.2rem;margin-top:1.2rem}
        .numbers{display:flex;flex-wrap:wrap;gap:1rem 2.2rem;margin:0}
        .numbers dt{font-size:.78rem;color:var(--soft)}.numbers dd{font-weight:600;font-variant-numeric:tabular-nums}
        .spark p{font-size:.78rem}.spark svg{display:block;max-width:100%;height:36px;margin-top:.15rem}
        .part{border-top:1px solid var(--line);padding:1.15rem 1.5rem}
        .part>h2,.part>h3,.group>h2,.group>h3,summary h2,summary h3{font-size:1.02rem;font-weight:650}
        .since{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:.9rem 1.6rem;margin-top:.7rem}
        .since h3,.since h4{font-size:.88rem;font-weight:650;color:var(--c,var(--text));margin-bottom:.2rem}
        .since li{padding:.12rem 0;font-size:.92rem;line-height:1.4}
        .remarks li{margin-top:.25rem}

        """

    private static let cards = """
        .group{border-top:1px solid var(--line);padding:1.15rem 1.5rem}.group:first-child{border-top:0}
        .group>h2,.group>h3,summary h2,summary h3{display:inline-flex;gap:.5em;align-items:baseline;color:var(--c)}
        .group h2 span,.group h3 span{color:var(--soft);font-weight:500}
        .card{border:1px solid var(--line);border-left:4px solid var(--bar);border-radius:8px;padding:.85rem 1rem .9rem;
        margin-top:.8rem;content-visibility:auto;contain-intrinsic-size:auto 12rem}
        .card:target,.row:target{outline:2px solid var(--link);outline-offset:2px}
        .card h3,.card h4{font-size:1.02rem;line-height:1.38;font-weight:620}
        .tags{display:flex;flex-wrap:wrap;gap:.2rem .8rem;align-items:center;margin-top:.35rem;font-size:.84rem;
        color:var(--soft)}
        .tag{border:1px solid currentcolor;border-radius:4px;padding:0 .4em;font-size:.78rem;font-weight:600;color:var(--soft)}
        .critical{color:var(--failed)}.warning{color:var(--vacuous)}
        .facts{display:flex;flex-wrap:wrap;gap:.45rem 1.7rem;margin-top:.65rem}
        .facts dt{font-size:.78rem;color:var(--soft)}.facts dd{font-variant-numeric:tabular-nums;font-weight:550}
        .facts i{font-style:normal;font-weight:400;color:var(--soft);font-size:.84rem}
        .share{display:block;width:100%;max-width:26rem;height:6px;border-radius:3px;margin-top:.6rem}
        .why{margin-top:.5rem;color:var(--c)}.about{margin-top:.4rem;color:var(--soft);font-size:.92rem}
        details{margin-top:.7rem}summary{cursor:pointer;font-size:.92rem}
        .group>details{margin:0}.group>details>summary{font-size:1rem}
        .row{padding:.55rem 0;border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 3.4rem}
        .rows{margin-top:.7rem}.row b{color:var(--c);font-weight:650}
        .row p:first-child{font-size:.95rem}

        """

    private static let tables = """
        .scroll{overflow-x:auto;margin-top:.5rem}
        table{border-collapse:collapse;font-size:.86rem;min-width:min(100%,20rem)}
        caption{text-align:left;font-size:.86rem;color:var(--soft);padding-bottom:.3rem}
        th{text-align:left;font-weight:600;color:var(--soft);font-size:.78rem;white-space:nowrap}
        th,td{padding:.28rem .9rem .28rem 0;border-bottom:1px solid var(--line);vertical-align:baseline}
        td{overflow-wrap:break-word;max-width:30rem}
        .n{text-align:right;font-variant-numeric:tabular-nums}.m{color:var(--soft);font-style:italic}
        .v{white-space:pre-wrap;font:.94em/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;
        unicode-bidi:isolate}
        .wide{width:100%}.foot{padding-top:.4rem;padding-bottom:2.5rem;color:var(--soft);font-size:.84rem}
        .foot code{font-size:.92em}
        .origin{display:grid;grid-template-columns:auto 1fr;gap:.15rem 1rem;font-size:.84rem;margin-top:.6rem}
        .origin dt{color:var(--soft)}

        """

    private static let media = """
        @media (max-width:40rem){main,.top,.foot{padding-left:.8rem;padding-right:.8rem}.suite{border-radius:10px}
        .suite>header,.part,.group{padding-left:1rem;padding-right:1rem}.headline,.many h1{font-size:1.35rem}
        .numbers{gap:.7rem 1.5rem}.card{padding:.75rem .8rem}.since{grid-template-columns:1fr}
        .stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        .stack tr{display:block;padding:.55rem 0;border-bottom:1px solid var(--line)}
        .stack td{display:inline;border:0;padding:0 .5rem 0 0}.stack td:nth-child(n+3){display:block}.stack td.n{display:none}}
        @media print{:root{--ground:#fff}body{font-size:11px}.suite{border:0}.card,.row{break-inside:avoid;
        content-visibility:visible}details::details-content{content-visibility:visible;height:auto}.top a{display:none}}
        """
}
