/**
 * Settings records as a JSON Schema, and files of settings as trees: knows no job.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.job.schema;
