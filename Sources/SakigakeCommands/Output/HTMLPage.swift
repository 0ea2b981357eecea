/// A page that needs no network: its style is its own, and it has no script.
enum HTMLPage {
  /// - Parameter body: HTML, with what others wrote escaped.
  static func html(title: String, _ body: String) -> String {
    "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      + "<meta name=\"color-scheme\" content=\"light dark\"><title>\(escaped(title))</title>"
      + "<style>\(style)</style></head><body><main>\(body)</main></body></html>\n"
  }

  static func escaped(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      default: out.append(character)
      }
    }
    return out
  }

  /// Colours are named once for light and once for dark; `--c` is the colour of what has a class `c0` to `c5` or `cbad`.
  private static let style = """
    :root{--bg:#fff;--fg:#1c2330;--mute:#687285;--line:#e3e7ee;--card:#f6f8fb;--c0:#3b6fd4;--c1:#0f8a7e;--c2:#8a5cd0;\
    --c3:#c07a12;--c4:#2f8fb8;--c5:#7a8598;--bad:#d0383c;--good:#16834a;--spike:#f3c96b33}\
    @media(prefers-color-scheme:dark){:root{--bg:#12161d;--fg:#e6eaf1;--mute:#94a0b4;--line:#2a3240;--card:#1a202a;\
    --c0:#7aa5ff;--c1:#4cc9b8;--c2:#b695f5;--c3:#e5a84b;--c4:#6cc3e8;--c5:#97a3b8;--bad:#ff7a7d;--good:#5fd394;--spike:#f3c96b22}}\
    *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}\
    main{max-width:1240px;margin:0 auto;padding:32px 24px}h1{margin:0 0 4px;font-size:28px}h2{margin:0 0 8px;font-size:18px}.card h2,.run h2{text-transform:capitalize}\
    .lead{color:var(--mute);max-width:780px;margin:0 0 24px}.cards,.runs{display:grid;grid-template-columns:1fr 1fr;gap:20px;margin-bottom:28px}\
    @media(max-width:820px){.cards,.runs{grid-template-columns:1fr}}.card{background:var(--card);border-left:4px solid var(--good);border-radius:8px;padding:16px 20px}\
    .card.bad{border-color:var(--bad)}.card p{margin:0}.big{font-size:34px;font-weight:650;line-height:1.2}.big small{font-size:15px;font-weight:400;color:var(--mute)}\
    .bad .big{color:var(--bad)}.good .big{color:var(--good)}figure{margin:0 0 18px;border:1px solid var(--line);border-radius:8px;padding:10px 12px 8px}\
    figcaption{font-weight:600;font-size:14px}figcaption span{color:var(--mute);font-weight:400;margin-left:8px}svg{width:100%;height:auto;display:block}\
    .grid{stroke:var(--line)}.tick{fill:var(--mute);font-size:10.5px}.spike{fill:var(--spike)}.mark{stroke:var(--mute);stroke-dasharray:3 3}\
    .marktext{fill:var(--mute);font-size:10.5px}.line{fill:none;stroke-width:2}.area{opacity:.55;stroke:none}\
    .c0{--c:var(--c0)}.c1{--c:var(--c1)}.c2{--c:var(--c2)}.c3{--c:var(--c3)}.c4{--c:var(--c4)}.c5{--c:var(--c5)}.cbad{--c:var(--bad)}\
    .line{stroke:var(--c)}.area{fill:var(--c)}.cbad.area{opacity:.9}.legend{display:flex;flex-wrap:wrap;gap:4px 14px;font-size:12.5px;color:var(--mute)}\
    .legend i{display:inline-block;width:10px;height:10px;border-radius:3px;background:var(--c);margin-right:5px}\
    table{border-collapse:collapse;margin-bottom:20px}th,td{text-align:left;padding:6px 22px 6px 0;border-bottom:1px solid var(--line);font-weight:400}\
    tr:first-child th,thead th{font-weight:600}td{font-variant-numeric:tabular-nums}.note{color:var(--mute);font-size:13px;max-width:780px}\
    .scroll{overflow-x:auto}.run{min-width:0}.dashed{stroke-dasharray:5 3}.num{text-align:right;white-space:nowrap}.wide thead th{white-space:normal}th.num,td.num{padding-left:10px}\
    details{margin:0 0 20px}summary{cursor:pointer;font-weight:600;font-size:16px;margin-bottom:10px}h2.part{margin-top:28px}h3{font-size:14px;margin:14px 0 6px}\
    .bar{display:inline-block;height:9px;border-radius:3px;background:var(--c);min-width:2px;vertical-align:middle}\
    .yes{color:var(--good);font-weight:600}.no{color:var(--bad);font-weight:600}table.wide{width:100%}table.wide td,table.wide th{vertical-align:top}\
    .small{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:0 16px}
    """
}
