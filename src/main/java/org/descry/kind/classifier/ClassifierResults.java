package org.descry.kind.classifier;

/**
 * What a classifier's {@code summary.json} says of the test part.
 *
 * @param testAccuracy share of right answers on the test part
 * @param testLoss mean loss there, without the L2 penalty
 */
record ClassifierResults(double testAccuracy, double testLoss) {}
