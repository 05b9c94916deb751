/** Steps on batches, and what looks at them. */
package org.descry.train.step;
