/** The results of a sweep as a page, as CSV and as JSON. */
package org.descry.sweep.report;
