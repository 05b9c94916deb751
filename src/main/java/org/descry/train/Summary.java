package org.descry.train;

import java.util.Map;

/**
 * What a finished job comes to: {@code summary.json}.
 *
 * @param name of the job
 * @param testAccuracy share of right answers of the best model on the test part
 * @param testLoss its mean loss there, without the L2 penalty
 * @param bestEpoch the epoch that the best model is from
 * @param validationAccuracy of that epoch
 * @param validationLoss of that epoch
 * @param epochs that were trained
 * @param ended why training ended: {@code epochs}, {@code maxTime} or {@code fastDevRun}
 * @param parameters of the network
 * @param seconds of training, evaluations included
 * @param versions of Descry, DL4J and Java
 * @param seed of the job
 * @param binary build of ND4J's native library
 * @param threads of a native operation
 */
public record Summary(
    String name,
    double testAccuracy,
    double testLoss,
    int bestEpoch,
    double validationAccuracy,
    double validationLoss,
    int epochs,
    String ended,
    long parameters,
    double seconds,
    Map<String, String> versions,
    long seed,
    String binary,
    int threads) {}
