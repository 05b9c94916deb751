/** Sequence classifiers: their data, training, evaluation, report and service. */
package org.descry.kind.sequence;
