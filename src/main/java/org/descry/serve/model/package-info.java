/** Models in service: where they come from, their versions, their memory. */
package org.descry.serve.model;
