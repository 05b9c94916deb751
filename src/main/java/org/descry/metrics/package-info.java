/** What a model is measured by: BLEU, ROUGE-L, CIDEr-D. */
package org.descry.metrics;
