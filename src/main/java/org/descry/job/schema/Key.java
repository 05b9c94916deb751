package org.descry.job.schema;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What the schema says of a key: of a component of a settings record. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface Key {
  /** Its description. */
  String value();

  /** What it is where it is absent, in YAML. */
  String standard() default "";

  /**
   * The numbers that it may be, such as {@code [0, 1)} or {@code (0, inf)}; of a text, a list or a
   * map, its length.
   */
  String range() default "";

  /** The range of a list's elements. */
  String each() default "";

  /** A regular expression that a text matches. */
  String pattern() default "";

  /** Whether it must be there. */
  boolean required() default false;
}
