package org.descry.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.descry.gradcheck.GradientCheck;
import org.descry.gradcheck.Report;
import org.descry.gradcheck.Subject;

/** The gradient check of the main tree as an assertion. */
final class Gradients {
  /** Kinks are left out of the check, but not so many of them that nothing is left. */
  private static final double LARGEST_SHARE_OF_KINKS = 0.1;

  private Gradients() {}

  /** Asserts that the explicit passes, autodiff and central differences agree. */
  static void assertAgree(Subject subject) {
    Report report = GradientCheck.THOROUGH.of(subject);
    assertThat(report.disagreements()).isEmpty();
    for (Report.Row row : report.rows()) {
      assertThat(row.autodiff()).as("autodiff of %s", row.name()).isNotNull();
      assertThat(row.kinks())
          .as("elements of %s next to a kink", row.name())
          .isLessThanOrEqualTo(Math.max(1, (int) (LARGEST_SHARE_OF_KINKS * row.checked())));
    }
  }
}
