package org.descry.kind;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.descry.archive.ModelArchive;
import org.descry.archive.ModelKind;
import org.descry.data.convert.DataGuess;
import org.descry.job.Job;
import org.descry.job.ModelSettings;
import org.descry.metrics.EpochMetrics;
import org.descry.metrics.Metric;
import org.descry.train.Task;

/**
 * A kind of job and of model: all that is done in its own way. One of them lies in one package.
 *
 * @param name what a model zip calls it
 * @param model the settings of its networks: they say what kind a job is of
 * @param metrics what a job of this kind measures beside {@link EpochMetrics#LOSSES}, epochs' first
 * @param loader reads a job's data and builds its network
 * @param opener makes a trained model ready to use, from what it is called in messages (its file)
 *     and what is in it
 * @param draft the rest of a job's text for data of this kind, behind its name and seed; empty for
 *     others
 */
public record Kind(
    ModelKind name,
    Class<? extends ModelSettings> model,
    Function<Job, List<Metric>> metrics,
    Task.Loader loader,
    BiFunction<Path, ModelArchive, TrainedModel> opener,
    Function<DataGuess, Optional<String>> draft) {}
