package org.descry.kind.classifier;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a classifier's {@code summary.json} says of the test part.
 *
 * @param testAccuracy share of right answers on the test part
 * @param testTop5 share of images there whose class is among the five that are found most probable;
 *     null where there are no more than five classes
 * @param testLoss mean loss there, without the L2 penalty
 */
record ClassifierResults(
    double testAccuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double testTop5,
    double testLoss) {}
