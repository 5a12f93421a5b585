/** Bull's dashboard, for those who operate the installation. */
export { QueuesModule } from './queues.module';
export { startQueueBoard, type BoardSettings } from './queue-board';
