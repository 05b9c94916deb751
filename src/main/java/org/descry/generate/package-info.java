/**
 * Makes text: captions of images by greedy, sampled or beam decoding, and continuations of a text.
 */
package org.descry.generate;
