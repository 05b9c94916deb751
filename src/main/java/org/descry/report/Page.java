package org.descry.report;

/** A report as one HTML page without anything outside itself, in light and dark. */
public final class Page {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #8884; --train: #b95015; --held: #2467b3;
        --train-cell: var(--train); --held-cell: var(--held); }
      @media (prefers-color-scheme: dark) { :root { --train: #ff9a5c; --held: #6fb1ff;
        --train-cell: #c66a33; --held-cell: #3f7fc8; } }
      h1, h2 { overflow-wrap: anywhere; }
      .hue { color: hsl(var(--hue) 65% 34%); }
      @media (prefers-color-scheme: dark) { .hue { color: hsl(var(--hue) 70% 68%); } }
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 62rem;
        padding: 0 1rem; }
      figure { display: inline-block; vertical-align: top; max-width: min(29rem, 100%);
        margin: 0 .5rem 1rem 0; }
      svg { width: 29rem; max-width: 100%; display: block; }
      svg text { font-size: 11px; fill: currentColor; }
      svg .grid { stroke: var(--line); }
      svg polyline { fill: none; stroke: currentColor; stroke-width: 2; }
      svg.graph polyline { stroke-width: 1; }
      svg circle { fill: currentColor; }
      .train { color: var(--train); } .held { color: var(--held); }
      table { border-collapse: collapse; margin-bottom: 1rem; }
      td, th { padding: .2rem .6rem; border: 1px solid var(--line); text-align: right; }
      th { font-weight: 600; } th[scope=row], .text { text-align: left; }
      .scroll th { white-space: nowrap; }
      .scroll { overflow-x: auto; max-width: 100%; } pre.scroll { font-size: 13px; }
      .facts td { overflow-wrap: anywhere; text-align: left; }
      @media (min-width: 30rem) { .facts th { white-space: nowrap; } }
      @media (max-width: 30rem) { svg text { font-size: 13px; } svg.graph text { font-size: 11px; } }
      svg line.best { stroke: currentColor; stroke-dasharray: 2 4; opacity: .7; }
      .key { white-space: nowrap; margin-left: .3rem; }
      .dotted { border-left: 2px dotted currentColor; margin: 0 .2rem 0 .1rem; }
      .state { padding: .4rem .8rem; border-left: .3rem solid var(--train); }
      .swatch { display: inline-block; width: 1.2rem; height: .3rem; margin-right: .4rem;
        vertical-align: middle; background: currentColor; }
      """;

  private Page() {}

  /** As below, with nothing more in its head. */
  public static String html(String title, String style, String body) {
    return html(title, "", style, body);
  }

  /**
   * @param title the heading
   * @param head HTML for the page's head
   * @param style CSS for what this kind of report alone has
   * @param body HTML
   */
  public static String html(String title, String head, String style, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    %5$s<title>%1$s</title>
    <style>
    %2$s%3$s</style>
    </head>
    <body>
    <h1>%1$s</h1>
    %4$s
    </body>
    </html>
    """
        .formatted(Html.escape(title), STYLE, style, body, head);
  }
}
