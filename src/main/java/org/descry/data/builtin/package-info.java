/** The built-in data sets: shapes and scenes, drawn from a seed. */
package org.descry.data.builtin;
