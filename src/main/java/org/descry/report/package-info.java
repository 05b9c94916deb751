/** The pieces that reports are made of: a page with one look, tables, and charts as inline SVG. */
package org.descry.report;
