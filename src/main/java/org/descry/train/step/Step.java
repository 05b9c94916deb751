package org.descry.train.step;

/**
 * What a step was done on.
 *
 * @param examples in its batch
 * @param loss mean over these examples before the step, with the L2 penalty
 */
public record Step(int examples, double loss) {}
