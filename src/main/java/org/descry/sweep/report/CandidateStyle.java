package org.descry.sweep.report;

import java.util.Locale;
import org.descry.report.Html;

/** How candidates look in all charts: the colour says the place in the ranking. */
final class CandidateStyle {
  /** The look of candidates; {@code --t} is 100% for the best and 0% for the worst. */
  static final String STYLE =
      """
      .candidate { color: color-mix(in oklab, var(--held) var(--t), var(--train)); }
      .candidate polyline { stroke-width: 1.5; stroke-opacity: .75; }
      .many [data-c] polyline { stroke-width: 1; stroke-opacity: .4; }
      .best polyline, .many .best polyline { stroke-width: 3.5; stroke-opacity: 1; }
      .failed { color: GrayText; } .failed polyline { stroke-dasharray: 3 4; }
      .partial polyline { stroke-dasharray: 9 3; } .pruned polyline { stroke-dasharray: 2 2; }
      svg line.mark { stroke: currentColor; stroke-width: 1.5; }
      .picked svg [data-c] { opacity: .1; }
      .picked svg .on { opacity: 1; } .picked svg .on polyline { stroke-width: 3.5; stroke-opacity: 1; }
      tr.on td { background: color-mix(in srgb, var(--held) 18%, transparent); }
      .scale { display: inline-block; width: 7rem; height: .6rem; margin: 0 .4rem;
        background: linear-gradient(to right in oklab, var(--held), var(--train)); }
      """;

  /** The candidate under the pointer is shown everywhere on the page; a click keeps it shown. */
  static final String SCRIPT =
      """
      <script>
      const marks = document.querySelectorAll('[data-c]');
      let kept = null;
      function show(candidate) {
        document.body.classList.toggle('picked', candidate !== null);
        for (const mark of marks) mark.classList.toggle('on', mark.dataset.c === candidate);
      }
      const under = event => event.target.closest('[data-c]')?.dataset.c ?? null;
      document.addEventListener('mouseover', event => show(under(event) ?? kept));
      document.addEventListener('click', event => {
        if (!event.target.closest('a')) show(kept = under(event) === kept ? null : under(event));
      });
      </script>
      """;

  static final String LEGEND = "best<span class='scale'></span>worst";

  private final int scored;

  /** For a sweep of which {@code scored} candidates have a score. */
  CandidateStyle(int scored) {
    this.scored = scored;
  }

  /** The attributes of the SVG element that stands for a candidate. */
  String attributes(RankedCandidate ranked) {
    if (!ranked.scored()) {
      return "class='failed' data-c='%s'".formatted(ranked.number());
    }
    return "class='candidate%s%s' data-c='%s' style='--t:%s%%'"
        .formatted(
            ranked.rank() == 1 ? " best" : "",
            ranked.candidate().pruned() ? " pruned" : ranked.caution().isEmpty() ? "" : " partial",
            ranked.number(),
            Math.round(100 * share(ranked)));
  }

  /** The place of a candidate with a score: 1 for the best, 0 for the worst. */
  double share(RankedCandidate ranked) {
    return scored == 1 ? 1 : 1 - (ranked.rank() - 1.0) / (scored - 1);
  }

  /** What a pointer that rests on a candidate is told. */
  static String title(RankedCandidate ranked) {
    String result =
        ranked.scored()
            ? "%s, rank %s. %s%s %s"
                .formatted(
                    score(ranked),
                    ranked.rank(),
                    ranked.candidate().pruned()
                        ? "Pruned after epoch %s.".formatted(ranked.candidate().epochs())
                        : "",
                    ranked.caution(),
                    ranked.failure())
            : ranked.status() + ". " + ranked.failure();
    return "<title>%s</title>"
        .formatted(Html.escape("candidate " + ranked.number() + ": " + result.strip()));
  }

  /** The mean score, with the spread if there are repeats. */
  static String score(RankedCandidate ranked) {
    String score = number(ranked.candidate().score());
    return ranked.successes() > 1 ? score + " ± " + number(ranked.candidate().spread()) : score;
  }

  /** A score: four decimals wherever they say enough. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    return value == 0 || (magnitude >= 5e-4 && magnitude < 1e4)
        ? Html.number(value)
        : Html.compact(value);
  }

  /** Formats as a drawing wants it, whatever the machine's language. */
  static String svg(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
