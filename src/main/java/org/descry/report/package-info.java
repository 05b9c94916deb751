/**
 * The pieces that reports are made of: a page with one look, tables, and charts as inline SVG.
 *
 * <p>Internal: it changes without notice.
 */
package org.descry.report;
