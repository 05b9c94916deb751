/** Settings records as a JSON Schema, and files of settings as trees: knows no job. */
package org.descry.job.schema;
