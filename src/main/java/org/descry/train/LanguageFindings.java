package org.descry.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.descry.report.Html;

/**
 * What a language model reaches, and a sample of what it writes.
 *
 * @param prompt the sample's beginning
 * @param sample what the model made of it
 */
record LanguageFindings(LanguageResults results, int vocabulary, String prompt, String sample)
    implements Task.Findings {
  @Override
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Test loss", Html.number(results.testLoss()) + " nats a token");
    facts.put("Perplexity", Html.number(results.perplexity()));
    if (results.bitsPerCharacter() != null) {
      facts.put("Bits per character", Html.number(results.bitsPerCharacter()));
    }
    facts.put("Vocabulary", vocabulary + " tokens");
    return facts;
  }

  @Override
  public String sections() {
    return """
    <h2>Sample</h2>
    <p>Drawn after \u201c%s\u201d:</p>
    <pre style='white-space: pre-wrap'>%s</pre>
    """
        .formatted(Html.escape(prompt), Html.escape(sample));
  }
}
