/**
 * What each module's tests say about the module as a whole: its packages, its module descriptor and
 * its exported API. The test-jar of core carries this package to the other modules.
 */
package cloud.klink.webhooks.moduletest;
