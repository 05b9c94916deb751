/**
 * The job file: its settings as records, the JSON Schema made of them, and the reader that reports
 * every mistake of a file at once.
 *
 * <p>Nothing here touches ND4J or knows how data are read, so that a job is known to be sound
 * before anything native starts. To add a setting, add a record component with its description,
 * default and range; the schema, the validation and the resolved {@code job.yaml} follow. To add a
 * kind of model, data, optimizer or schedule, add a record to its sealed interface and name it in
 * {@code @JsonSubTypes}.
 */
package org.descry.job;
