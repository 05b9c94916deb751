/** Models as ONNX graphs. */
package org.descry.export.onnx;
