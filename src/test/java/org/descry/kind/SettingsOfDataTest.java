package org.descry.kind;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.descry.data.OnBadRecord;
import org.descry.data.caption.CaptionLimits.LongCaptions;
import org.descry.data.caption.CaptionWords;
import org.descry.data.caption.file.CaptionFormat;
import org.descry.data.decode.ImageDecoder;
import org.descry.data.image.cifar.CifarLabels;
import org.descry.data.text.TextUnit;
import org.descry.job.CaptionDataSettings;
import org.descry.job.DataSettings;
import org.descry.job.ImageDataSettings;
import org.descry.job.TextDataSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

/** The readers of data take each choice that a job has, by its name, and have no other. */
class SettingsOfDataTest {
  static final List<Arguments> CHOICES =
      List.of(
          Arguments.of(CaptionDataSettings.Format.class, CaptionFormat.class),
          Arguments.of(CaptionDataSettings.LongCaptions.class, LongCaptions.class),
          Arguments.of(CaptionDataSettings.Tokenizer.class, CaptionWords.class),
          Arguments.of(DataSettings.OnBadRecord.class, OnBadRecord.class),
          Arguments.of(ImageDataSettings.Labels.class, CifarLabels.class),
          Arguments.of(TextDataSettings.Unit.class, TextUnit.class));

  @ParameterizedTest
  @FieldSource("CHOICES")
  void choicesOfAJobAreThoseOfItsData(
      Class<? extends Enum<?>> setting, Class<? extends Enum<?>> data) {
    assertThat(names(setting)).containsExactlyElementsOf(names(data));
  }

  @Test
  void theLargestLimitOfPixelsIsTheDecoders() {
    assertThat(ImageDataSettings.MOST_PIXELS).isEqualTo(ImageDecoder.LARGEST_LIMIT);
  }

  private static List<String> names(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
  }
}
