/** Many images at once, from folders or packs into files of answers. */
package org.descry.kind.bulk;
