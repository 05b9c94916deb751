/**
 * The kinds of job. {@link org.descry.kind.Kinds} is the only list of them; each lies in one
 * package, and none knows another.
 */
package org.descry.kind;
