/** Trained models for programs without Descry: DL4J zips, stock layers only, and SameDiff. */
package org.descry.export;
