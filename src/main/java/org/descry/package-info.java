/**
 * What a program asks of Descry: {@link org.descry.Descry} trains jobs and opens models, and a
 * {@link org.descry.DescryException} says in one sentence what went wrong.
 */
package org.descry;
