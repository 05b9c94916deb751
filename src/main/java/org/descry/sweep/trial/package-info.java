/** What a sweep trains and what came out: candidates, their trainings, the objective. */
package org.descry.sweep.trial;
