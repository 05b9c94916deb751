/** Questions of many clients, answered together. */
package org.descry.serve.batch;
