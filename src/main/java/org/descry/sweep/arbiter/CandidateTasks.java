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
import org.descry.sweep.trial.Candidate;

/** Arbiter's tasks: each trains a candidate, scores it, saves it, and tells whoever has to know. */
@SuppressWarnings({"rawtypes", "deprecation"}) // as Arbiter has them
public final class CandidateTasks implements TaskCreator {
  private final Loop loop;
  private final Search search;
  private final ResultSaver saver;

  /** What goes on around the search; for several threads. */
  public interface Loop {
    /** Does a piece of work; empty if the sweep was stopped before it was done. */
    Optional<Trained> train(Piece piece);

    /** A candidate is trained so far, and saved. */
    void done(Candidate candidate);

    /** Ends the sweep because of something that is no candidate's fault. */
    void fail(DescryException reason);
  }

  /**
   * A candidate that is trained so far.
   *
   * @param learnt what the search may learn from, the same in every run of the sweep
   */
  public record Trained(Candidate candidate, Outcome learnt) {}

  public CandidateTasks(Loop loop, Search search, ResultSaver saver) {
    this.loop = loop;
    this.search = search;
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
      try {
        Optional<Trained> trained = loop.train(Search.piece(candidate));
        if (trained.isPresent()) {
          Candidate done = trained.get().candidate();
          double score = scoring.score(done, data, Map.of());
          OptimizationResult result = result(candidate, score, CandidateStatus.Complete);
          ResultReference saved = saver.saveModel(result, done);
          result.setResultReference(saved);
          loop.done(done);
          search.learn(candidate.getIndex(), trained.get().learnt());
          return result;
        }
      } catch (DescryException e) {
        loop.fail(e);
      } catch (RuntimeException e) {
        loop.fail(new DescryException("Unexpected failure of the sweep: " + e, e));
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
