/** Captioners of images: their data, training, evaluation, report and export. */
package org.descry.kind.captioner;
