/**
 * Trainings on Apache Spark, which schedules, ships and restarts them. The sums of gradients go
 * over sockets of the executors' own.
 */
package org.descry.cluster;
