/** What clients speak with: the Open Inference Protocol, the practical endpoints, the page. */
package org.descry.serve.http;
