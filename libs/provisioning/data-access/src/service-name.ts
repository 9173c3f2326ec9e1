/** Who the activities of this service name as their actor. */
export const SERVICE_NAME = 'relay-provisioner';
