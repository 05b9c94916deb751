package org.descry.sweep.report;

import java.util.Locale;
import java.util.Map;
import org.descry.report.Html;

/** The importance of each setting as bars. */
record ImportanceSection(Importance importance) {
  static final String STYLE =
      """
      .bars table { width: min(100%, 50rem); } .bars td { border: 0; }
      .bars th { border: 0; font-weight: 400; min-width: 9rem; white-space: normal; overflow-wrap: anywhere; }
      .bars td:last-child { white-space: nowrap; } .bars .bar { width: 60%; min-width: 3rem; }
      @media (min-width: 40rem) { .bars th { white-space: nowrap; } }
      .bars i { display: block; height: .9rem; background: var(--held); }
      """;

  String html() {
    StringBuilder section = new StringBuilder("<h2>Importance of the settings</h2>\n");
    if (!importance.drops().isEmpty()) {
      section.append(
          """
          <p>How much worse a random forest predicts a candidate's place in the ranking when a
          setting's values are shuffled: the drop in its out-of-bag R², which is %s. 0 says that
          the setting does not matter; ± is the 95%% confidence interval over the candidates.</p>
          """
              .formatted(String.format(Locale.ROOT, "%.2f", importance.r2())));
      section.append("<div class='bars'>").append(Html.table(rows())).append("</div>\n");
    }
    if (importance.caution() != null) {
      section.append("<p>").append(Html.escape(importance.caution())).append("</p>\n");
    }
    return section.toString();
  }

  private String rows() {
    double longest =
        importance.drops().values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder rows = new StringBuilder();
    importance.drops().entrySet().stream()
        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
        .forEach(
            entry ->
                rows.append(
                    String.format(
                        Locale.ROOT,
                        "<tr><th scope='row'>%s</th><td class='bar'><i"
                            + " style='width:%.1f%%'></i></td><td>%.2f ± %.2f</td></tr>",
                        Html.escape(entry.getKey()),
                        100 * Math.max(0, entry.getValue()) / Math.max(longest, 1e-9),
                        Math.round(100 * entry.getValue()) / 100.0,
                        importance.margins().get(entry.getKey()))));
    return rows.toString();
  }
}
