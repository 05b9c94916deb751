/** The names that job files had in version 0.1.0; they go with the next version. */
package org.descry.train.job;
