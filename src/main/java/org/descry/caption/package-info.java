/** What a captioner says and how good it is: decoding and caption metrics. */
package org.descry.caption;
