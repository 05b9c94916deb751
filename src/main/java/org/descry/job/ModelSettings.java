package org.descry.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** The network, by its {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = ClassifierSettings.ThreeLayer.class, name = "three-layer-convnet"),
  @JsonSubTypes.Type(value = ClassifierSettings.Conv.class, name = "convnet"),
  @JsonSubTypes.Type(value = CaptionerSettings.class, name = "captioning-rnn"),
  @JsonSubTypes.Type(value = LanguageSettings.class, name = "language-rnn")
})
public sealed interface ModelSettings
    permits ClassifierSettings, CaptionerSettings, LanguageSettings {}
