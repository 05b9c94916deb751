/**
 * Models as ONNX graphs.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.export.onnx;
