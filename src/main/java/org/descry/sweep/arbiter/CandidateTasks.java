package org.descry.sweep.arbiter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultReference;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.descry.DescryException;
import org.descry.sweep.Candidate;
import org.descry.sweep.CandidateTrainer;
import org.descry.sweep.Scoreboard;

/** Arbiter's tasks: each trains a candidate, scores it, saves it, and tells whoever has to know. */
@SuppressWarnings({"rawtypes", "deprecation"}) // as Arbiter has them
public final class CandidateTasks implements TaskCreator {
  private final CandidateTrainer trainer;
  private final Search search;
  private final Scoreboard board;
  private final ResultSaver saver;

  public CandidateTasks(
      CandidateTrainer trainer, Search search, Scoreboard board, ResultSaver saver) {
    this.trainer = trainer;
    this.search = search;
    this.board = board;
    this.saver = saver;
  }

  @Override
  public Callable<OptimizationResult> create(
      org.deeplearning4j.arbiter.optimize.api.Candidate candidate,
      DataProvider data,
      ScoreFunction scoring,
      List<StatusListener> listeners,
      IOptimizationRunner runner) {
    return () -> {
      int number = candidate.getIndex();
      try {
        Optional<Candidate> trained = trainer.train(number, Search.settings(candidate));
        if (trained.isPresent()) {
          double score = scoring.score(trained.get(), data, Map.of());
          OptimizationResult result = result(candidate, score, CandidateStatus.Complete);
          ResultReference saved = saver.saveModel(result, trained.get());
          result.setResultReference(saved);
          board.add(trained.get());
          search.learn(number, score);
          return result;
        }
      } catch (DescryException e) {
        board.fail(e);
      } catch (RuntimeException e) {
        board.fail(new DescryException("Unexpected failure of the sweep: " + e, e));
      }
      return result(candidate, null, CandidateStatus.Cancelled);
    };
  }

  private static OptimizationResult result(
      org.deeplearning4j.arbiter.optimize.api.Candidate candidate,
      Double score,
      CandidateStatus status) {
    CandidateInfo info =
        new CandidateInfo(
            candidate.getIndex(),
            score != null && score.isNaN() ? CandidateStatus.Failed : status,
            score,
            0,
            null,
            null,
            candidate.getFlatParameters(),
            null);
    return new OptimizationResult(candidate, score, candidate.getIndex(), null, info, null);
  }

  @Override
  public Callable<OptimizationResult> create(
      org.deeplearning4j.arbiter.optimize.api.Candidate candidate,
      Class<? extends DataSource> source,
      Properties properties,
      ScoreFunction scoring,
      List<StatusListener> listeners,
      IOptimizationRunner runner) {
    return create(candidate, (DataProvider) null, scoring, listeners, runner);
  }
}
