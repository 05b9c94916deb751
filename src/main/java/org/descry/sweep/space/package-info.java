/** The space that a sweep searches. */
package org.descry.sweep.space;
