/** Language models: their data, training, evaluation, report and export. */
package org.descry.kind.language;
