/** Networks of recordable layers without DL4J's walk over the graph. */
package org.descry.replay;
