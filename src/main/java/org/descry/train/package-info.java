/** A training job: its loop, its run folder, the model archive, the metrics and the report. */
package org.descry.train;
