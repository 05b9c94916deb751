package org.descry.sweep.arbiter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A piece of a sweep's work: a candidate that is trained, up to some epoch.
 *
 * @param number from 0, in the order of the search
 * @param candidate its number; that of the piece where candidates are trained in one
 * @param settings of the candidate
 * @param from epochs that earlier pieces have trained
 * @param until after which epoch it ends; {@link #ALL} for none but the job's last
 */
public record Piece(
    int number, int candidate, Map<String, JsonNode> settings, int from, int until) {
  /** As many epochs as the job has. */
  public static final int ALL = Integer.MAX_VALUE;
}
