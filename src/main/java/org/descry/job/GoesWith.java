package org.descry.job;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a kind of model can be combined with. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface GoesWith {
  /** The data that it learns from. */
  Class<? extends DataSettings> data();

  /** What its best epoch can be chosen by, the usual first. */
  SelectBy[] selectBy();
}
