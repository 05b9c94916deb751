/** Networks of DL4J's own layers that stand for those of Descry's. */
package org.descry.export.stock;
